-- Files: what they are, and their bytes. Nothing but a blanked text takes them away.

-- name: add_file(file, question, number, message, copy, name, media_type, size_bytes, digest, content)!
INSERT INTO files (id, question, number, message, copy, name, media_type, size_bytes, digest, content)
VALUES (:file, :question, :number, :message, :copy, :name, :media_type, :size_bytes, :digest, :content);

-- name: files_of(question)
SELECT id, question, number, message, copy, name, media_type, size_bytes, digest
FROM files WHERE question = :question ORDER BY number, copy DESC;

-- name: file(file)^
SELECT id, question, number, message, copy, name, media_type, size_bytes, digest FROM files WHERE id = :file;

-- name: file_content(file)$
SELECT content FROM files WHERE id = :file;

-- name: remove_files(question, message)!
DELETE FROM files WHERE question = :question AND message = :message;

-- name: show_files_anew(question)
UPDATE posts SET revision = revision + 1
WHERE question = :question AND about = 'file' AND absent = 0 AND state <> 'gone'
  AND (ref IS NOT NULL OR shown < revision)
RETURNING recipient;
