import{a}from"./health-VMNAT3W5.js";import"./clock-YYITXEHT.js";import"./runtime-3RNHDNP5.js";export{a as connectRollout};
