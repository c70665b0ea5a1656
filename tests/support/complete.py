"""Whether everything that a test may need is installed, so that none may be skipped."""

COMPLETE = "PERFEVAL_COMPLETE"  # set by .ci/run, which installs every program
