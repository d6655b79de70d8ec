import{a,b,c}from"./report-W4POFJMU.js";import"./clock-YYITXEHT.js";export{a as reportJob,b as reportRollback,c as reportServices};
