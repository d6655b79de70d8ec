import{a}from"./matrix-WZVEPQMQ.js";import"./waves-D2FEQBYC.js";import"./clock-YYITXEHT.js";import"./runtime-3RNHDNP5.js";export{a as matrixOf};
