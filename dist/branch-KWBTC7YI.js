import{a}from"./branch-XFQNH66M.js";import"./clock-YYITXEHT.js";import"./runtime-3RNHDNP5.js";export{a as createAskBranch};
