"""_kernels/sampling"""
