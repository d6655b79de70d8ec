import{a}from"./branch-7YRWVLLF.js";import"./clock-YYITXEHT.js";import"./runtime-3RNHDNP5.js";export{a as createAskBranch};
