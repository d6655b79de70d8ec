import{a}from"./git-VJTHPNPB.js";import"./clock-YYITXEHT.js";export{a as findChanges};
