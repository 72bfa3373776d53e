"""What people see at the command line."""
