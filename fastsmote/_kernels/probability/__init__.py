"""_kernels/probability"""
