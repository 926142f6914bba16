"""_diagnosis"""
