"""What municipalities meet in a browser: the form, its pages and the machine interface."""
