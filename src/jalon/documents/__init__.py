"""Reviews and documents: described once, rendered as a web page and a PDF."""
