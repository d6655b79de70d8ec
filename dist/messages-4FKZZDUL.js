import{a,b}from"./messages-BNPBJHM6.js";import"./runtime-3RNHDNP5.js";export{a as changesInWords,b as changesSummary};
