"""Tests of the verification suite: with real servers, good and faulty, and a Kubernetes API that is made up."""
