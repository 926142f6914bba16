"""_sampling/clean"""
