import{a}from"./git-VUINMAOZ.js";import"./clock-YYITXEHT.js";export{a as findChanges};
