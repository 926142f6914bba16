"""_sampling/over"""
