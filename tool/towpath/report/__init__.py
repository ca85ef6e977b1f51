"""Renderers: values to text for people and machines."""
