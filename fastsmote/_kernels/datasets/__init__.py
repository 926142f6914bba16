"""_kernels/datasets"""
