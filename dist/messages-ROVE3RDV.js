import{a,b,c,d}from"./messages-MRJ3BYDS.js";import"./clock-TXZYSWAF.js";import"./runtime-3RNHDNP5.js";export{a as STATES,d as eventInWords,c as reconciledInWords,b as worstOf};
