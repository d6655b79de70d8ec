import{a,b,c,d}from"./messages-IKLUKE2T.js";import"./clock-YYITXEHT.js";import"./runtime-3RNHDNP5.js";export{a as STATES,d as eventInWords,c as reconciledInWords,b as worstOf};
