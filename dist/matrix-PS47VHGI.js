import{a,b,c}from"./matrix-DBX7EQTU.js";import"./waves-5GYRBENH.js";import"./clock-YYITXEHT.js";import"./runtime-3RNHDNP5.js";export{a as MOST_JOBS,c as checkMatrices,b as matrixOf};
