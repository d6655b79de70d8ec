import{c as n}from"./arn-CA44SD5U.js";function r({rollback:o,statusReason:t}){let e=o?.reason??t??null;return e===null?null:n(e)}export{r as a};
