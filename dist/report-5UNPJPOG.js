import{a,b,c}from"./report-E2BJ4W7K.js";import"./clock-YYITXEHT.js";export{a as reportJob,b as reportRollback,c as reportServices};
