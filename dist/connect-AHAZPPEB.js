import{a}from"./health-HDW4NNO3.js";import"./clock-YYITXEHT.js";import"./runtime-3RNHDNP5.js";export{a as connectRollout};
