import{a}from"./health-KVZCULPI.js";import"./clock-YYITXEHT.js";import"./runtime-3RNHDNP5.js";export{a as connectRollout};
