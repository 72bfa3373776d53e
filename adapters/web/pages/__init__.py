"""What customers see, and how experts and staff sign in: plain HTML that needs no script."""
