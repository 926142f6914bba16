"""_probability"""
