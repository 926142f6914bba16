"""_kernels/neighbors"""
