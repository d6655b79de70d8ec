import{a,b,c}from"./finish-rollout-WEXLD5T3.js";import"./runtime-3RNHDNP5.js";export{c as NOTHING_BEGAN,a as TIME_OF_CANCELLED,b as finishRollout};
