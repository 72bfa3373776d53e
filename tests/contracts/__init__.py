"""What must hold for everything behind a seam, once for each seam."""
