"""Has one colour of a service prove itself before it goes live; docs/verification.md tells how and by what budgets."""
