"""Prices, token drift and projection."""
