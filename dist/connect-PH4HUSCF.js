import{a}from"./health-2L3X2KN2.js";import"./clock-YYITXEHT.js";import"./runtime-3RNHDNP5.js";export{a as connectRollout};
