"""Chat platforms, one module or folder each; whoever composes the program imports only those that are configured."""
