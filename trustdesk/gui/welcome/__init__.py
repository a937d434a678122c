"""The first start: three steps, each skippable, or the demo."""
