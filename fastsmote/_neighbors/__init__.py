"""_neighbors"""
