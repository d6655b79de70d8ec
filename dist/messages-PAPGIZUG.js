import{a,b}from"./messages-HLP3QJU3.js";import"./runtime-3RNHDNP5.js";export{a as changesInWords,b as changesSummary};
