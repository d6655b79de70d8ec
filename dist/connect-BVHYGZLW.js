import{a}from"./health-2XLQG7S7.js";import"./clock-YYITXEHT.js";import"./runtime-3RNHDNP5.js";export{a as connectRollout};
