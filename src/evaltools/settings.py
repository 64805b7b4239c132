"""The settings of a command or notebook, read once from arguments and environment."""
