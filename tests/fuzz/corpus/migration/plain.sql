-- migrate:up
create table a (id int); insert into a values (1);
-- migrate:down
drop table a;
