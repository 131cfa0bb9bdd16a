"""The parts of the stack, each a process that can be started, killed and started again."""
