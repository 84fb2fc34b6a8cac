"""What the checks look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone

from verification.config import Config
from verification.faces import Recogniser
from verification.golden import Case
from verification.kubernetes import KubernetesApi, Pod
from verification.service import Service


@dataclass(frozen=True)
class Subject:
    config: Config
    golden: list[Case]
    recogniser: Recogniser
    kubernetes: KubernetesApi
    target: Service
    """The colour under test."""
    reference: Service
    """The other colour; it may not be there, and may be broken."""
    started_at: datetime
    pods: list[Pod]
    """The Pods of the colour under test as they were when the verification started."""

    @staticmethod
    async def meet(config: Config, golden: list[Case], recogniser: Recogniser, kubernetes: KubernetesApi) -> Subject:
        job_seconds = config.checks.timeout_seconds
        return Subject(
            config,
            golden,
            recogniser,
            kubernetes,
            Service(config.target_url, job_seconds),
            Service(config.reference_url, job_seconds),
            datetime.now(timezone.utc),
            await kubernetes.pods(config.selector),
        )

    @property
    def load_case(self) -> Case:
        """What a load is made of: the first case that has faces."""
        return next(case for case in self.golden if case.faces)
