"""What a command tells the shell that ran it."""

DONE = 0
NOT_DONE = 1  # no plan meets the policy, data are wrong, a threshold is passed
USER_ERROR = 2
INTERRUPTED = 130  # as a shell says of a program that Ctrl-C ended
