"""_kernels/metrics"""
