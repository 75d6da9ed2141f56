"""Drawings shared by page and paper: poles, the line of promises, charts; values in, SVG out."""
