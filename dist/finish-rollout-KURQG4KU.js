import{a,b,c}from"./finish-rollout-O4XYXK7A.js";import"./runtime-3RNHDNP5.js";export{c as NOTHING_BEGAN,a as TIME_OF_CANCELLED,b as finishRollout};
