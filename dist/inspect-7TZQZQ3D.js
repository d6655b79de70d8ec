import{b as a,c as b}from"./fit-M5EOVBGG.js";import"./clock-YYITXEHT.js";import"./runtime-3RNHDNP5.js";export{b as createGuard,a as inspectService};
