"""_sampling/under"""
