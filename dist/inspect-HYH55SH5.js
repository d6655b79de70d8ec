import{b as a,c as b}from"./fit-D6QB5MGF.js";import"./clock-YYITXEHT.js";import"./runtime-3RNHDNP5.js";export{b as createGuard,a as inspectService};
