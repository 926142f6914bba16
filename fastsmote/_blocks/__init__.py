"""Tables that are larger than memory, block by block: the same rows as of the whole table, however it is cut.

A table is a sequence of blocks, each with the number of its first row. The classes that get new rows are
gathered (the *few*); the largest class only streams past. A sampler is a function that asks for passes over
the blocks and returns a ``Decision``: which rows of a block stay, and the new rows of any slice of the plan.
A pass is two pure functions, what a block gives and how two of these become one
(:mod:`fastsmote._blocks.passes`), so that it can be made in order or where the blocks are.
It calls the decisions of ``fastsmote._sampling`` on counts and on the few, whose order is that of the table.
Draws depend on row numbers alone, so that nothing is shuffled. Whoever has the blocks (``fastsmote.files``,
``fastsmote.dask``) brings the passes, and writes.

Before all of these a pass over the labels alone counts the classes, and after them one copies rows that stay:

===================  ==========================  =====================  =================================
sampler              passes between              sent by a block        memory beside some blocks
===================  ==========================  =====================  =================================
random_under_sample  none                        nothing                32 bytes for each row drawn
near_miss 1 and 2    scale and gather the        its rows of the        8 times the smallest class, and
                     smallest class; scores,     smallest class; rows   32 bytes for each row chosen; a
                     bounded by those so far     that score little      block as rows
random_over_sample   gather the few              its few rows           the few
smote                check numbers, gather       its few rows           4 times the few, and their
                     the few                                            k neighbours
smotenc              check numbers and           its few rows           4 times the few, their codes and
                     categories, gather the                             their k neighbours
                     few
adasyn,              scale and gather the few;   its few rows and its   8 times the few, 80 bytes for each
borderline_smote     join: others nearer than    largest number; lists  neighbour of each of them, and an
                     the k-th of the class       of rows that are near  index of a block
tomek_links          scale and gather the few;   its few rows and its   8 times the few, and twice those of
                     join: the nearest of each;  largest number; rows   the largest class that are nearest
                     pick these, of the largest  that are nearest; a    to one; an index of a block
                     class; ball: is any row     bit for each row
                     nearer to one of them       picked
edited_nearest_      scale and gather the few;   its few rows and its   8 times the few; twice the rows
neighbours,          certify: proofs that rows   largest number; rows   without a proof, and 80 bytes for
neighbourhood_       stay, within each block;    without a proof and    each neighbour of these; an index of
cleaning_rule        join: rows without a proof  their neighbours;      a block
                     beside each other block     nearer ones
smote_tomek          as tomek_links              as tomek_links         the same, with the new rows among
                                                                        the few
smote_enn            as edited_nearest_          as edited_nearest_     the same, with the new rows among
                     neighbours                  neighbours             the few
===================  ==========================  =====================  =================================

New rows are decided and made slice by slice; a plan is held as a whole only where new rows are cleaned.

Scores of rows in blocks are asked for in the same words: ``outcomes`` (which label is positive, and rows as
they are read), ``scores`` (sweeps, curves and areas, with a table of what they send) and ``probabilities``
(calibration, priors, class weights). They give what the functions of ``_metrics`` and ``_probability`` read
their results off.
"""
